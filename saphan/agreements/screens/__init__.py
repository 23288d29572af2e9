"""The register's screens, one file for each thing that is done there."""
