"""Evidence of anything: links, copies and notes that belong to an answer, a difference or a measurement."""
