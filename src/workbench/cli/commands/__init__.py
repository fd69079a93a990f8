"""One module per command or family of commands, imported only when it is called."""
