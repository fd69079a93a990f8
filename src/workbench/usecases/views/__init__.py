"""What both front ends show: words, marks and counts, worked out once.

A view reads the record or an evaluation and returns frozen structs of plain words and
enums.  The command line prints them, the app lays them out and colours them; neither
decides anything of its own.
"""
