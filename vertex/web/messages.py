"""The sentences behind the codes of refusals, in the reader's language."""

from collections.abc import Mapping

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from vertex.errors import DomainError

SENTENCES: Mapping[str, LazyString] = {
    "refused": _("This is not possible."),
    "not_found": _("There is nothing here. Perhaps it was removed."),
    "code_unknown": _("There is no photo behind this code. Please check it against the print."),
    "code_gone": _("The studio has removed what this code showed."),
    "closed": _("The studio does not show this now."),
    "pin_needed": _("This photo is opened with a PIN."),
    "paused": _("The studio has paused this for now."),
    "opens_later": _("This can be seen later."),
    "expired": _("The time for this has ended."),
    "pin_malformed": _("A PIN has 4 to 8 digits."),
    "pin_wrong": _("This is not the PIN. Please try again."),
    "pin_locked": _("Too many wrong PINs. Please try again in %(minutes)s min."),
    "closes_before_it_opens": _("The end must come after the beginning."),
    "no_downloads": _("The studio does not offer this as a file."),
    "video_not_ready": _("This video is not ready yet."),
    "time_malformed": _("Please choose a day and a time."),
    "folder_taken": _("There is something in %(folder)s already."),
    "folder_missing": _("There is no folder %(folder)s."),
    "nothing_to_export": _("There is no video yet, or nothing that a camera could recognise."),
    "captions_large": _("Captions have at most %(limit)s kB. Accepted: %(accepted)s."),
    "captions_unknown": _("This file holds no captions. Accepted: %(accepted)s."),
    "captions_empty": _("There is no caption in this file. Accepted: %(accepted)s."),
    "gone": _("There is nothing here any more."),
    "conflict": _("This contradicts what is stored already."),
    "forbidden": _("You may not do this."),
    "invalid": _("This cannot be accepted. Please check what was entered."),
    "too_large": _("This is too large."),
    "too_many": _("Too many attempts. Please wait a moment."),
    "sent_twice": _("This form was sent already. Nothing was saved twice."),
    "form_without_token": _("This form is incomplete. Please reload the page and send it again."),
    "form_expired": _(
        "This form can no longer be sent, because you signed in or out since it was opened. "
        "Please reload the page and send it again."
    ),
    # people
    "username_taken": _("There is already a user “%(username)s”."),
    "username_malformed": _(
        "A user name has 2 to 64 Latin letters, digits, dots, dashes or underscores."
    ),
    "email_taken": _("%(email)s already belongs to another user."),
    "email_malformed": _("“%(email)s” is not an e-mail address."),
    "password_short": _("A password has at least %(least)s characters."),
    "password_long": _("A password has at most %(most)s characters."),
    "password_simple": _("This password is too simple: use more different characters."),
    "password_wrong": _("This is not your current password."),
    "sign_in_failed": _("User name or password is wrong."),
    "sign_in_locked": _("Too many wrong attempts from here. Please try again in %(minutes)s min."),
    "account_closed": _("This account is closed. Please ask an administrator of your studio."),
    "set_up_already": _("This installation has its administrator already. Please sign in."),
    "set_up_elsewhere": _(
        "This installation has no administrator yet. Open this page on the machine it runs on, or "
        "by the link that was printed on its terminal when it started."
    ),
    "password_is_username": _("The password must not be the user name."),
    "not_in_list": _("Please choose one of the list."),
    "consent_without_day": _("Please say on which day they agreed."),
    "consent_in_future": _("This day is still to come, or too long ago."),
    "consent_without_parent": _("Please enter the name of the parent who agreed."),
    "merge_with_oneself": _("Please choose another client."),
    "phone_taken": _("%(phone)s belongs to %(name)s already."),
    "phone_of_other": _(
        "%(phone)s belongs to %(name)s. Choose them from the list, or check the number."
    ),
    "changed_meanwhile": _("Somebody else has changed this meanwhile."),
    "client_has_portraits": _(
        "%(name)s has portraits: %(count)s. Please move those to the bin first."
    ),
    "client_in_bin": _("Please take the client %(name)s out of the bin first."),
    "notes_long": _("Notes have at most %(limit)s characters."),
    "name_missing": _("Please enter the client's name."),
    "name_long": _("A name has at most %(limit)s characters."),
    "phone_invalid": _("“%(phone)s” is not a phone number. Write it like +7 916 123-45-67."),
    "website_malformed": _(
        "“%(website)s” is not the address of a website. Write it like https://example.com."
    ),
    "website_long": _("The address of a website has at most %(limit)s characters."),
    "address_long": _("An address has at most %(limit)s characters."),
    "colour_malformed": _("“%(colour)s” is not a colour. Write it like #a8401f."),
    "client_has_orders": _("%(name)s has orders: %(count)s. Please move those to the bin first."),
    "view_name_taken": _("There is a view “%(name)s” already."),
    "view_name_missing": _("Please give the view a name."),
    "view_of_everything": _("Please choose some filters first: this is the list as it always is."),
    "seed_in_use": _(
        "This installation has work of its own. Use --in-use to add a made-up studio to it."
    ),
    "seed_again": _(
        "Something of this made-up studio is here already. Another --seed makes another one."
    ),
    "seed_counts": _("Each count is at most %(most)s."),
    "seed_of_nothing": _("There are no orders without clients, and no visits without portraits."),
    "views_too_many": _("There are %(limit)s views already. Please remove one first."),
    "order_number_taken": _("There is an order %(number)s already."),
    "order_moved_meanwhile": _("Somebody else has moved order %(number)s meanwhile."),
    "order_move_unsure": _("This cannot be taken back. Please confirm it."),
    "address_not_printable": _(
        "The codes would lead nowhere: phones reach neither this machine's own address nor one "
        "without https. Set VERTEX_PUBLIC_URL before anything is printed."
    ),
    "assignee_unknown": _("Please choose one of the staff."),
    "amount_malformed": _("This is not an amount of money. Write it like 1 500.50."),
    "amount_large": _("This amount is too large."),
    "day_malformed": _("Please choose a day."),
    "text_long": _("This has at most %(limit)s characters."),
    "order_number_invalid": _("An order number has 1 to %(limit)s characters."),
    "order_unknown": _("There is no order %(number)s."),
    "order_of_another_client": _("Order %(number)s belongs to another client."),
    # what clients are told, and say
    "mail_not_set_up": _("E-mail is not set up on this server (VERTEX_SMTP_HOST)."),
    "mail_refused": _("The server has not taken it: %(trouble)s"),
    "email_of_letters": _(
        "E-mail reaches this address from some servers only: before the @ it has other letters "
        "than a to z. Please ask for another one."
    ),
    "text_missing": _("Please write something."),
    "placeholder_unknown": _(
        "There is no %(name)s. What can be put in: {client}, {studio}, {link}, {pin}, {order}."
    ),
    "link_missing": _("Without {link} nobody can open anything. Please put it in."),
    "pin_in_subject": _("A PIN does not belong in the subject, which many can read."),
    "pin_other": _("This is not the PIN that is set. Type that one, or set a new one first."),
    "approval_too_late": _("Order %(number)s is printed: there is nothing left to approve."),
    "approval_of_nothing": _("Order %(number)s has no portrait yet that could be approved."),
    "approval_closed": _("The studio does not wait for an answer any more. Please write or call."),
    "approval_of_others": _(
        "The studio has changed something while you were looking. Please look again."
    ),
    "change_missing": _("Please write what should be changed."),
    # many at once
    "nothing_chosen": _("Please choose something first."),
    "batch_large": _("At most %(limit)s at once."),
    "batch_not_undone": _("This cannot be taken back."),
    "status_missing": _("Please choose where to move them."),
    "file_damaged": _("One of its files is damaged or missing."),
    "export_failed": _("The export could not be made. Please try again."),
    "nothing_to_print": _("There is no portrait to print."),
    "sheet_large": _("At most %(limit)s cards go into one PDF. Please choose fewer."),
    "layout_unknown": _("Please choose how the cards lie on the page."),
    # imports
    "archive_bytes": _("The ZIP has %(found)s MB. At most %(limit)s MB are accepted."),
    "archive_missing": _("Please choose a ZIP."),
    "archive_damaged": _("This is no ZIP, or it is damaged. Please pack it again."),
    "archive_method": _("This ZIP is packed in a way that cannot be read. Please pack it again."),
    "archive_entries": _("The ZIP has more than %(limit)s files. Please make several of it."),
    "archive_unpacked": _("Unpacked the ZIP has more than %(limit)s GB."),
    "archive_bomb": _("This ZIP unpacks to far more than it should. Nothing was taken from it."),
    "archive_twice": _("The ZIP has two files with the name %(name)s."),
    "archive_locked": _("This ZIP is locked with a password. Please pack it without one."),
    "archive_unsafe": _(
        "The ZIP has a file whose name leads out of it: %(name)s. Nothing was taken from it."
    ),
    "archive_link": _("The ZIP has a link instead of a file: %(name)s. Please pack the file."),
    "archive_without_pictures": _("There is no picture in it. Accepted: JPEG, PNG, WebP."),
    "tables_several": _("There are several CSV files in it. Please leave only one."),
    "table_missing": _("Please choose a CSV file."),
    "table_large": _("The table has more than %(limit)s MB."),
    "table_rows": _("The table has more than %(limit)s rows. Please make several of it."),
    "table_damaged": _("This is no CSV file, or it is damaged."),
    "table_empty": _("The table has no rows below its head."),
    "table_without": _("The table has no column “%(column)s” in its first row."),
    "import_no_picture": _("There is no picture named in this row."),
    "import_no_video": _("There is no video with the name “%(name)s”."),
    "import_videos_several": _("Several videos have this name: %(names)s."),
    "import_file_missing": _("There is no file “%(name)s”."),
    "import_begun": _("This import has begun already."),
    "import_nothing": _("There is nothing in it that could be imported."),
    "assignee_missing": _("There is nobody called “%(name)s” among the staff."),
    "status_unknown": _("“%(status)s” is no status of an order."),
    "day_malformed_in_table": _("“%(day)s” is no day. Write it like 2026-11-30."),
    # jobs
    "job_not_ended_badly": _("Only work that has failed or was cancelled can be tried again."),
    "job_ended": _("This work has ended already."),
    "job_ambiguous": _("Several jobs begin with %(prefix)s: please give more of the id."),
    # pictures
    "image_empty": _("The picture file is empty. Accepted: %(accepted)s."),
    "image_unknown": _("This file is not a picture. Accepted: %(accepted)s."),
    "image_format": _("A picture in %(found)s cannot be used. Accepted: %(accepted)s."),
    "image_damaged": _(
        "The picture file is damaged. Please export it again. Accepted: %(accepted)s."
    ),
    "image_animated": _(
        "Moving pictures cannot be used. Please save one still picture. Accepted: %(accepted)s."
    ),
    "image_bytes": _("The picture file has %(found)s MB. At most %(limit)s MB are accepted."),
    "image_megapixels": _(
        "The picture has %(found)s megapixels, and may have at most %(limit)s. "
        "Accepted: %(accepted)s."
    ),
    "image_small": _(
        "The picture has %(width)s × %(height)s px. Each side must have at least %(limit)s px. "
        "Accepted: %(accepted)s."
    ),
    "image_narrow": _(
        "The picture has %(width)s × %(height)s px. "
        "The long side may be at most %(limit)s times the short one. Accepted: %(accepted)s."
    ),
    # videos
    "video_empty": _("The video file is empty. Accepted: %(accepted)s."),
    "video_unknown": _("This file is not a video. Accepted: %(accepted)s."),
    "video_format": _("A video in %(found)s cannot be used. Accepted: %(accepted)s."),
    "video_damaged": _(
        "The video file is damaged. Please export it again. Accepted: %(accepted)s."
    ),
    "video_no_picture": _("The file has sound but no video. Accepted: %(accepted)s."),
    "video_codec": _("Video coded as %(found)s cannot be used. Accepted: %(accepted)s."),
    "video_long": _(
        "The video lasts %(found)s min, and may last at most %(limit)s min. Accepted: %(accepted)s."
    ),
    "upload_empty": _("The video file is empty."),
    "upload_gone": _("The video that was sent is not here any more. Please choose it again."),
    "upload_incomplete": _("The video has not arrived completely. Please choose it again."),
    "upload_longer": _("More of the video has arrived than was announced. Please choose it again."),
    "upload_offset": _("This piece of the file does not follow what is here."),
    "upload_busy": _("Another piece of this file is being received."),
    "disk_full": _("There is no room for this file. Please tell who runs this server."),
    "trim_outside": _("The video has %(length)s s: this lies outside."),
    "trim_short": _("Nothing would be left of the video."),
    "trim_malformed": _("Please enter seconds, like 2.5."),
    "no_alpha": _("This video has no transparency of its own."),
    "video_large": _(
        "The video has %(width)s × %(height)s px, and a side may have at most %(limit)s px. "
        "Accepted: %(accepted)s."
    ),
    "video_short": _("The video is too short to be seen. Accepted: %(accepted)s."),
    "video_bytes": _("The video file has %(found)s MB. At most %(limit)s MB are accepted."),
}

STATUSES: Mapping[int, LazyString] = {
    400: _("The request could not be understood."),
    401: _("Please sign in first."),
    403: _("You may not do this."),
    404: _("There is nothing here. Perhaps the address was mistyped."),
    405: _("This address cannot be used this way."),
    413: _("This is too large."),
    429: _("Too many requests. Please wait a moment and try again."),
    500: _("Something went wrong on our side. Please try again."),
    503: _("The service is not available right now. Please try again soon."),
}


def explain(error: DomainError) -> str:
    """The sentence for a refusal, in the language of this request."""
    sentence = SENTENCES.get(error.code) or SENTENCES[error.default_code]
    return str(sentence) % error.params if error.params else str(sentence)


def explain_in_english(error: DomainError) -> str:
    """The sentence for a refusal, for the command line."""
    with force_locale("en"):
        return explain(error)


def explain_status(status: int) -> str:
    """The sentence for an error that no rule of the studio has made."""
    return str(STATUSES.get(status) or gettext("The request could not be fulfilled."))
