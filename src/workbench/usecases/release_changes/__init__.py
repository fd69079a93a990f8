"""DB-5: what a release changes, listed from git and told from the record."""
