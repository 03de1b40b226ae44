"""E-mail: what it looks like, and how it gets to a server."""

from vertex.mail.composing import Words, compose
from vertex.mail.settings import MailSettings
from vertex.mail.smtp import MailError, deliver, trouble_with

__all__ = ["MailError", "MailSettings", "Words", "compose", "deliver", "trouble_with"]
