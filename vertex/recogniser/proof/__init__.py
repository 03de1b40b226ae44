"""The proof that a print will be recognised, made before it is printed.

`gate` is the quick look that refuses hopeless portraits while their markers are made, and all that
this package itself offers: the rest builds on markers and is offered by `vertex.recogniser`.
"""

from vertex.recogniser.proof.gate import is_recognisable

__all__ = ["is_recognisable"]
