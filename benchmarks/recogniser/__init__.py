"""Our recogniser beside MindAR and AR.js, on the same clips, on the same machine, in one run."""
