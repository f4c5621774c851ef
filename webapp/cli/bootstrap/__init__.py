"""From a bare Python to a running product: the words behind ``make``; standard library only.

``floor``, ``speech`` and ``__main__`` keep to what Python 3.8 can read, so that a Python that is too old
still prints the sentence that says so.
"""
