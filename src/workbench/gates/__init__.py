"""Gates: requirements, their states, and the report.  Signatures are added one room up."""
