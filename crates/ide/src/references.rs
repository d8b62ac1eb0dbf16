//! Every place that names a thing; highlights within one file.
