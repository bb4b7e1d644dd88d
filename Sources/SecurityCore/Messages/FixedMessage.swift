/// Texts for people that Flask-Security has no key for. The English text is the name in the catalogues of translations.
public enum FixedMessage: String, CaseIterable, Sendable {
    // Prompts
    case passwordPrompt = "Password: "
    case currentPasswordPrompt = "Current password: "
    case newPasswordPrompt = "New password: "
    case repeatedPasswordPrompt = "Retype new password: "
    case codePrompt = "Verification code: "

    // Accounts on hosts
    case passwordsNotChangeable = "Passwords cannot be changed here: SECURITY_CHANGEABLE is false."
    case secondFactorMissing = "This account needs a second factor, and none is set up."

    // New passwords
    case passwordTooLong = "Password must be at most %(length)s characters"
    case passwordTooManyBytes = "Password must be at most %(length)s bytes"
    case passwordContainsNUL = "Password must not contain a NUL character"
    case passwordNotUTF8 = "Password must be valid UTF-8 text"

    // Why nobody can say whether a new password is breached
    // swift-format-ignore
    case breachedNotConfigured = "SECURITY_PASSWORD_CHECK_BREACHED cannot be done here without LIBSECURITY_BREACHED_FILE; set it to a list of breached passwords, or to a filter of `securityctl breached build`"
    case breachedFileMissing = "%(path)s: there is no such file; LIBSECURITY_BREACHED_FILE names it"
    case breachedFileUnreadable = "%(path)s: cannot be read: %(reason)s"
    case breachedFileUnwritable = "%(path)s: cannot be written: %(reason)s"
    case breachedFileNotRegular = "%(path)s: is not a regular file"
    case breachedFileForeignOwner = "%(path)s: belongs to uid %(owner)s; `chown root %(path)s`"
    case breachedFileWritableByOthers = "%(path)s: others than its owner may write to it; `chmod go-w %(path)s`"
    case breachedFileChanged = "%(path)s: became shorter while it was read; replace such files by renaming"
    case breachedFileEmpty = "%(path)s: is empty; download the list again"
    case breachedFileIncomplete = "%(path)s: is only a part of a list of hashes; download it again"
    // swift-format-ignore
    case breachedFileMalformed = "%(path)s: is no list of \"SHA1:COUNT\" lines at byte %(offset)s; use the list that is ordered by hash"
    // swift-format-ignore
    case breachedFileUnsorted = "%(path)s: is not ordered by hash at byte %(offset)s; use the list that is ordered by hash"
    case breachedFilterDamaged = "%(path)s: is a damaged filter; make it again with `securityctl breached build`"
    // swift-format-ignore
    case breachedFilterVersion = "%(path)s: is a filter of version %(version)s, which this program does not know; make it again with `securityctl breached build`"
    // swift-format-ignore
    case breachedFilterCount = "%(path)s: is a filter of passwords with a count of %(made)s or more, and SECURITY_PASSWORD_BREACHED_COUNT is %(wanted)s; make it again with `securityctl breached build --min-count %(wanted)s`"
    case breachedServiceUnreachable = "the service of LIBSECURITY_BREACHED_URL cannot be asked: %(reason)s"
    case breachedServiceStatus = "the service of LIBSECURITY_BREACHED_URL answered with HTTP status %(status)s"
    case breachedServiceTooLong = "the service of LIBSECURITY_BREACHED_URL sent more than a range of hashes"
    case breachedServiceMalformed = "the service of LIBSECURITY_BREACHED_URL sent something else than a range of hashes"

    // Why nobody can say how strong a new password is
    // swift-format-ignore
    case strengthFileMissing = "%(path)s, the words that SECURITY_PASSWORD_COMPLEXITY_CHECKER compares with, is missing; install it, or name it by LIBSECURITY_ZXCVBN_FILE"
    case strengthFileUnreadable = "%(path)s cannot be read (errno %(code)s)"
    case strengthFileDamaged = "%(path)s is damaged, or of another version of libsecurity; install it again"
}
