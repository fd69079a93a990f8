"""Sign-offs: what a signature rests on, whether it still holds, and who must give one."""
