"""DB-1, DB-2, DB-6: dashboards, each made once of lines and shown as a screen, as text, as a page and as JSON."""
