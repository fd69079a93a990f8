"""The team's YAML, read and checked into immutable objects that know their file and line."""
