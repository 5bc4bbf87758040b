"""Columns of a CTC network, made up."""

import numpy as np

from app.pages.ctc import NONE, Columns


def saying(text: str) -> Columns:
    """Columns that surely say digits, with "-" for none."""
    states = [NONE if sign == "-" else int(sign) for sign in text]
    shares = np.full((len(text), NONE + 1), 1e-6)
    shares[np.arange(len(text)), states] = 1 - 1e-5
    return np.asarray(np.log(shares))
