import ArgumentParser
import SecurityCore
import SecurityNetwork

/// What the command line says of a new account, checked and normalised.
struct AccountDraft {
    private(set) var email = ""
    private(set) var username: String?
    private(set) var isActive: Bool
    private(set) var isConfirmed: Bool
    private(set) var attributes: [AccountAttribute] = []

    /// Reads options and attributes; refuses what is taken already, before a password is asked for.
    init(_ command: UsersCreate, site: Site) throws {
        isActive = command.active
        isConfirmed = command.confirmed
        if let name = command.username { try setUsername(name, site.policy) }
        for attribute in command.attributes { try read(attribute, site) }
        guard !email.isEmpty else { throw ValidationError("An e-mail address is missing.") }
        if site.policy.usernames.isRequired, username == nil {
            throw CommandFailure.refusal(
                "Error creating user. Username not provided: use --username (SECURITY_USERNAME_REQUIRED)")
        }
        try checkIsFree(on: site)
    }

    /// The name of an attribute ends at the first colon; a value may hold more of them.
    private mutating func read(_ attribute: String, _ site: Site) throws {
        let (name, behind) = ByteText(attribute).cut(at: 0x3A)
        guard let value = behind?.string else { return try setEmail(attribute, site.policy) }
        switch name {
        case "email": try setEmail(value, site.policy)
        case "username": try setUsername(value, site.policy)
        case "active": isActive = try AccountDraft.bool(value, of: "active")
        case "confirmed", "confirmed_at": isConfirmed = try AccountDraft.bool(value, of: name.string)
        case "password":
            throw ValidationError("A password is not an attribute: leave it out to be asked, or use --password-stdin.")
        default: attributes.append(try AttributeReader(site: site).read(name.string, value, after: attributes))
        }
    }

    private mutating func setEmail(_ text: String, _ policy: Policy) throws {
        guard email.isEmpty else { throw ValidationError("There is more than one e-mail address.") }
        do throws(EmailFlaw) {
            let address = try EmailAddress(text, policy.addresses.email)
            let check = EmailDeliverability(resolver: SystemMailResolver(), now: Environment.system.now)
            if let flaw = check.flaw(of: address, policy.addresses.email) { throw flaw }
            email = address.normalized
        } catch {
            throw CommandFailure.refusal(
                "Error creating user. \"\(text.printable)\" is no e-mail address. \(error.description.printable)")
        }
    }

    private mutating func setUsername(_ text: String, _ policy: Policy) throws {
        guard username == nil else { throw ValidationError("There is more than one user name.") }
        switch Username.judge(text, policy.usernames) {
        case .success(let name): username = name
        case .failure(let flaw):
            var message = "Error creating user. \(flaw)"
            if case .length = flaw { message += " (SECURITY_USERNAME_MIN_LENGTH, SECURITY_USERNAME_MAX_LENGTH)" }
            throw CommandFailure.refusal(message)
        }
    }

    static func bool(_ text: String, of name: String) throws -> Bool {
        switch ByteText(text).lowered {
        case "true", "1", "yes": return true
        case "false", "0", "no": return false
        default: throw ValidationError("'\(name)' is true or false, not '\(text)'.")
        }
    }

    /// Two addresses or names that differ in case only would make every look-up ambiguous.
    private func checkIsFree(on site: Site) throws {
        if try !site.store.accounts(where: .email, equals: email, ignoringCase: true).isEmpty {
            throw conflict(in: "email")
        }
        if let username, try !site.store.accounts(where: .username, equals: username, ignoringCase: true).isEmpty {
            throw conflict(in: "username")
        }
        for attribute in attributes {
            guard case .text(let text) = attribute.value,
                let identity = site.policy.identities.first(where: { $0.column.rawValue.equals(attribute.column) })
            else { continue }
            let others = try site.store.accounts(
                where: identity.column, equals: text, ignoringCase: identity.caseInsensitive)
            if !others.isEmpty { throw conflict(in: attribute.column) }
        }
    }

    /// Flask-Security: EMAIL_ALREADY_ASSOCIATED, USERNAME_ALREADY_ASSOCIATED. A column that was not given is one that an
    /// application wants filled.
    func conflict(in column: String) -> CommandFailure {
        guard let value = value(of: column) else {
            return CommandFailure.refusal(
                "Error creating user. The application's column \(column.printable) must have a value: add"
                    + " \(column.printable):VALUE")
        }
        return CommandFailure.refusal(
            "Error creating user. \(value.printable) is already associated with an account (column \(column.printable))"
        )
    }

    private func value(of column: String) -> String? {
        switch column {
        case "email": return email
        case "username": return username
        default: break
        }
        guard let attribute = attributes.first(where: { $0.column.equals(column) }) else { return nil }
        switch attribute.value {
        case .text(let text): return text
        case .integer(let number): return "\(number)"
        }
    }

    /// What the administrator should know and need not mend.
    func warnings(under policy: Policy) -> [String] {
        guard let username else { return [] }
        if username.equals("root") || SystemUser.uid(of: username) == 0 {
            return [
                "\"\(username.printable)\" is a name of uid 0: pam_security refuses it unless"
                    + " LIBSECURITY_PAM_ALLOW_ROOT = true"
            ]
        }
        return []
    }
}
