"""One module per job.  Only these commit; the command line and the app call nothing below them."""
