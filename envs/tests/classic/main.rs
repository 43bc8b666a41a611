//! Classic control against gym 0.23.1 and Gymnasium 1.4.0 themselves: the same seed and
//! actions give the same states, observations, rewards and ends. The environment is
//! seeded once and later episodes go on in its stream.

mod drift;
mod original;
mod parity;
mod refused;
mod replay;
