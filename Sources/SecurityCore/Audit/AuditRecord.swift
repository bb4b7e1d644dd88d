/// One decision for the log: who, from where, with what, and why. Never a secret.
///
/// Every front end writes one line of this form for each decision; the same field names everywhere:
/// `verdict=denied reason=wrong-code user=ann account=7 uid=0 tty=ssh ruser=? rhost=192.0.2.7 factor=all`
public struct AuditRecord: Equatable, Sendable {
    /// `granted`, `denied`, `ignored`, `error`, `changed`.
    public var verdict: String
    /// A ``DenialReason`` or a word for an error; "" = none.
    public var reason = ""
    /// What is behind the reason, for the administrator: a ``WalletError``'s identifier; "" = nothing.
    public var detail = ""
    /// The account name; nil = unknown and therefore not written: it may be a password typed at the wrong prompt.
    public var user: String?
    /// The account's id.
    public var account: Int64?
    /// The real uid of the caller.
    public var uid: UInt32?
    /// The terminal.
    public var terminal: String?
    /// The requesting user by the caller's own word.
    public var remoteUser: String?
    /// The remote host as the caller gave it.
    public var remoteHost: String?
    /// What was asked for.
    public var factor: String?

    /// A record of a verdict.
    public init(verdict: String) {
        self.verdict = verdict
    }

    /// The line. Texts from outside are escaped, so that no field can forge another or a second line.
    public var line: String {
        var line = "verdict=" + verdict
        if !reason.isEmpty { line += " reason=" + AuditRecord.escaped(reason) }
        if !detail.isEmpty { line += " detail=" + AuditRecord.escaped(detail) }
        line += " user=" + (user.map { AuditRecord.escaped($0) } ?? "?")
        if let account { line += " account=\(account)" }
        if let uid { line += " uid=\(uid)" }
        for (name, value) in [("tty", terminal), ("ruser", remoteUser), ("rhost", remoteHost), ("factor", factor)] {
            guard let value, !value.isEmpty else { continue }
            line += " " + name + "=" + AuditRecord.escaped(value)
        }
        return line
    }

    /// Printable ASCII but blank, `=`, `"` and `\` as it is, every other byte as `\xNN`; at most 256 bytes.
    public static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8.prefix(256) {
            switch byte {
            case 0x22, 0x3d, 0x5c, 0...0x20, 0x7f...0xff:
                result += "\\x" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            default: result.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return result
    }
}

extension AuditRecord {
    /// The record of a login's last step.
    public init(_ login: Authentication) {
        switch login.step {
        case .granted: self.init(verdict: "granted")
        case .ignored: self.init(verdict: "ignored")
        case .denied(let reason):
            self.init(verdict: "denied")
            self.reason = reason.rawValue
            if reason == .unusableFactor, let flaw = login.walletFlaw { detail = flaw.identifier }
        case .ask, nil:
            self.init(verdict: "error")
            reason = "unfinished"
        }
        if let account = login.account {
            user = login.request.identity.typed
            self.account = account.id
        }
        factor = login.request.scope.rawValue
        remoteHost = login.request.origin.address
    }
}
