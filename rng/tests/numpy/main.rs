//! Equality with NumPy: on recorded draws, and on draws made up at random with
//! NumPy itself at the other end.

mod case;
mod goldens;
mod legacy;
mod live;
mod tella_seeds;
