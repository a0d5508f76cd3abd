"""The one-time notice on paper: A4, receipt slip, QR code, and the press that makes them one at a time."""
