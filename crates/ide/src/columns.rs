//! The columns of nodes, as far as they are known without running anything.
