import SecurityCore
import SecurityNetwork

/// How mail leaves (LIBSECURITY_MAIL).
///
/// | value | how |
/// | --- | --- |
/// | `smtp` | to MAIL_SERVER |
/// | `sendmail`, `sendmail:PATH` | through /usr/sbin/sendmail, or a program that is called like it |
/// | `maildir:PATH` | into a Maildir, where nobody but a developer reads it |
enum MailTransport: Sendable {
    case smtp(SMTPTransport)
    case sendmail(SendmailTransport)
    case maildir(MaildirTransport)

    /// The way that the configuration names; nil when it names none.
    init?(_ settings: Settings) {
        let (way, behind) = ByteText(settings.text("LIBSECURITY_MAIL") ?? "smtp").cut(at: 0x3A)
        guard behind?.has(prefix: "/") ?? true else { return nil }
        switch (way, behind?.string) {
        case ("smtp", nil): self = .smtp(MailTransport.server(settings))
        case ("sendmail", let path): self = .sendmail(SendmailTransport(program: path ?? SendmailTransport.standard))
        case ("maildir", let path?): self = .maildir(MaildirTransport(folder: path))
        default: return nil
        }
    }

    private static func server(_ settings: Settings) -> SMTPTransport {
        let security: SMTPTransport.Security =
            settings.bool("MAIL_USE_SSL") ? .tls : settings.bool("MAIL_USE_TLS") ? .startTLS : .none
        var transport = SMTPTransport(
            host: settings.text("MAIL_SERVER") ?? "localhost", port: settings.integer("MAIL_PORT") ?? 25,
            security: security, username: settings.text("MAIL_USERNAME"), password: settings.secret("MAIL_PASSWORD"))
        transport.authorities = settings.text("LIBSECURITY_MAIL_CA")
        return transport
    }

    /// Hands over `message`, lines ended with CR LF, from one address to another.
    func send(_ message: [UInt8], from sender: String, to recipient: String) throws(DeliveryFailure) {
        switch self {
        case .smtp(let transport): try transport.send(message, from: sender, to: recipient)
        case .sendmail(let transport): try transport.send(message, from: sender, to: recipient)
        case .maildir(let transport): try transport.send(message)
        }
    }
}

extension [UInt8] {
    /// The message with lines ended by LF, as files and programs of this system have them.
    var withUnixLines: [UInt8] { filter { $0 != 0x0D } }
}
