"""Where measurements come from: one module per API or file format, one shared client."""
