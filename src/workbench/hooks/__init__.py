"""What a project calls when something has happened, and what came of it."""
