"""From the scan to the first frame of the video, on a thin line."""
