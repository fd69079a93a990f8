"""The Textual app: modes, screens and the widgets they are made of."""
