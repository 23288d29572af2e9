"""Area 4: texts of agreements, their versions and signatures, the procedures that run, promises and scorecards."""
