"""What people did, told as the commands that do the same: read from the ledger, never kept beside it."""
