"""Everything that falls due, ends or begins: each subject tells its own, and the gates say what follows from it."""
