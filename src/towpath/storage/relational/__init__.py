"""SQL that every relational adapter shares: tables, conditions and orders as statements of some dialect."""
