//! Every layer against its definition, written as plain loops over numbers.
