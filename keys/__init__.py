"""The ground floor: who a node is and how it proves it.

The only package that imports `nacl` or `cryptography`. It knows cards, words, signatures, sealing
and the vault; it never speaks to a network, a database or a person.
"""

MARK = "inhope-exchange/1"
