"""Attestations of a gate: statements that other tools read, each in a signed envelope where somebody signs.

Pure: from a gate's checks to documents.  Whoever asks hands in the artifacts, the definitions and a signer.
"""
