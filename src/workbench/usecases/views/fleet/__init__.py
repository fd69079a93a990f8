"""Fleet in words, for ``workbench status --all`` and the screen Fleet: who is needed first, where, and since when.

``rows`` is a line, ``beside`` what stands beside the releases, ``delivery`` DORA's five, ``whole`` all of it in a line and what is left out;
``printing`` makes lines for a terminal of it, ``document`` the JSON.
"""
