//! NumPy draws, bit for bit.
