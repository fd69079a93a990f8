"""``python -m workbench``."""

from workbench import main

main()
