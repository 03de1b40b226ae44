"""What has to be known of the server that takes our e-mail."""

from typing import Annotated, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings


class MailSettings(BaseSettings):
    """The SMTP server, whom we are there, and the address our e-mail comes from."""

    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_username: str = ""
    smtp_password: SecretStr | None = None
    smtp_from: Annotated[str, Field(validate_default=True)] = ""

    @field_validator("smtp_from")
    @classmethod
    def _is_a_sender(cls, value: str, known: ValidationInfo) -> str:
        if not value:
            if known.data.get("smtp_host"):
                raise ValueError("must be set, as VERTEX_SMTP_HOST is")
            return value
        try:
            return validate_email(value, check_deliverability=False).normalized
        except EmailNotValidError:
            raise ValueError("must be an e-mail address, without a name") from None

    @property
    def sends_mail(self) -> bool:
        """Whether there is a server that takes our e-mail."""
        return bool(self.smtp_host)
