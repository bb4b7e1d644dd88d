/// How a front end names the account.
public enum LoginIdentity: Equatable, Sendable {
    /// A Unix login name, matched by LIBSECURITY_PAM_IDENTITY and subject to the host grant. `isSuperuser`: the system
    /// knows the name with uid 0.
    case host(name: String, isSuperuser: Bool)
    /// What a user of an application typed, matched by SECURITY_USER_IDENTITY_ATTRIBUTES.
    case application(String)
    /// A form's field that stands for one column, already normalised.
    case attribute(IdentityAttribute.Column, value: String, ignoringCase: Bool)

    /// The name as typed.
    public var typed: String {
        switch self {
        case .host(let name, _): name
        case .application(let text): text
        case .attribute(_, let value, _): value
        }
    }

    /// Whether this is a name of uid 0.
    public var isSuperuser: Bool {
        guard case .host(let name, let isSuperuser) = self else { return false }
        return isSuperuser || name.utf8.elementsEqual("root".utf8)
    }

    /// Whether this is a name of uid 0 that the policy lets nobody log in by.
    public func isRefusedSuperuser(_ policy: Policy) -> Bool {
        isSuperuser && !policy.hosts.allowsRoot && LoginName.isAcceptable(typed)
    }
}

/// What a look-up found. One account at most is ever bound to a login.
public enum AccountMatch {
    /// Nobody.
    case none
    /// More than one account: nobody is let in. `isAdmitted`: one of them may log in at this front end.
    case ambiguous(isAdmitted: Bool)
    /// A name of uid 0 without LIBSECURITY_PAM_ALLOW_ROOT: not looked up.
    case superuser
    /// One account, and whether it may log in at this front end.
    case one(Account, isAdmitted: Bool)
}

/// Finds the account of an identity by the policy.
public struct AccountFinder {
    private let policy: Policy
    private let store: any AccountStore
    private let phones: (any PhoneNumbers)?

    /// A finder over a policy and its store; without `phones`, numbers need their country code.
    public init(policy: Policy, store: any AccountStore, phones: (any PhoneNumbers)? = nil) {
        self.policy = policy
        self.store = store
        self.phones = phones
    }

    /// The longest name that is looked up.
    static let longestName = 255

    /// Finds the account of `identity`.
    public func find(_ identity: LoginIdentity) throws(StoreError) -> AccountMatch {
        if identity.isRefusedSuperuser(policy) { return .superuser }
        return switch identity {
        case .host(let name, _): try hostAccount(name)
        case .application(let text): try applicationAccount(text)
        case .attribute(let column, let value, let ignoringCase):
            try account(where: column, equals: value, ignoringCase: ignoringCase)
        }
    }

    /// Host look-up: `username` byte for byte, then the e-mail address of the site's domain.
    ///
    /// Anybody may be able to register, and the host grant tells who counts: the first identity by which an admitted account
    /// is found decides, and an account that is not admitted hides none. Without an admitted one, the first that was found
    /// tells the reason. Every identity is asked, whatever the ones before it found, so that all names cost the same.
    private func hostAccount(_ name: String) throws(StoreError) -> AccountMatch {
        guard LoginName.isAcceptable(name) else { return .none }
        var admitted: AccountMatch?
        var other: AccountMatch?
        for kind in policy.hosts.identities {
            let match = try candidate(name, kind)
            switch match {
            case .one(_, isAdmitted: true): admitted = admitted ?? match
            case .ambiguous(isAdmitted: true): admitted = admitted ?? match
            case .one, .ambiguous: other = other ?? match
            case .none, .superuser: continue
            }
        }
        return admitted ?? other ?? .none
    }

    /// What one identity finds. Of several accounts the admitted one counts.
    private func candidate(_ name: String, _ kind: HostPolicy.Identity) throws(StoreError) -> AccountMatch {
        let found: [Account]
        switch kind {
        case .username:
            found = try store.accounts(where: .username, equals: name, ignoringCase: false)
        case .email:
            guard let domain = policy.hosts.emailDomain, !name.utf8.contains(UInt8(ascii: "@")) else { return .none }
            found = try store.accounts(where: .email, equals: name + "@" + domain, ignoringCase: true)
        }
        var admitted: [Account] = []
        for account in found where try isAdmitted(account.id) { admitted.append(account) }
        // The same work for a name that nobody has.
        if found.isEmpty { _ = try isAdmitted(0) }
        // As many as a look-up returns may be only some of those that there are.
        guard found.count < accountsInLookUp, admitted.count < 2 else {
            return .ambiguous(isAdmitted: !admitted.isEmpty)
        }
        if let account = admitted.first { return .one(account, isAdmitted: true) }
        if found.count > 1 { return .ambiguous(isAdmitted: false) }
        return found.first.map { .one($0, isAdmitted: false) } ?? .none
    }

    /// LIBSECURITY_PAM_ROLES_ACCEPTED.
    private func isAdmitted(_ account: Int64) throws(StoreError) -> Bool {
        switch policy.hosts.admission {
        case .everybody: return true
        case .nobody: return false
        case .roles(let accepted):
            let roles = try store.roleNames(ofAccount: account)
            return roles.contains { role in accepted.contains { $0.utf8.elementsEqual(role.utf8) } }
        }
    }

    /// Flask-Security's `lookup_identity`: the first attribute whose mapper takes the text decides, whatever the
    /// search in it finds.
    private func applicationAccount(_ text: String) throws(StoreError) -> AccountMatch {
        guard !text.isEmpty, text.utf8.count <= AccountFinder.longestName else { return .none }
        for attribute in policy.identities {
            guard let value = attribute.mapper.map(text, policy, phones) else { continue }
            return try account(
                where: attribute.column, equals: value, ignoringCase: attribute.caseInsensitive)
        }
        return .none
    }

    private func account(
        where column: IdentityAttribute.Column, equals value: String, ignoringCase: Bool
    ) throws(StoreError) -> AccountMatch {
        guard !value.isEmpty, value.utf8.count <= AccountFinder.longestName else { return .none }
        let found = try store.accounts(where: column, equals: value, ignoringCase: ignoringCase)
        if found.count > 1 { return .ambiguous(isAdmitted: true) }
        return found.first.map { .one($0, isAdmitted: true) } ?? .none
    }
}

/// Unix login names as PAM applications hand them over.
public enum LoginName {
    /// Whether a name may be looked up: not empty, not over-long, no leading `-` or `+`, no control characters.
    public static func isAcceptable(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= AccountFinder.longestName else { return false }
        return first != 0x2d && first != 0x2b && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
    }
}

extension IdentityAttribute.Mapper {
    /// The value that a column would hold for `text`, or nil when it cannot be of this kind.
    public func map(_ text: String, _ policy: Policy, _ phones: (any PhoneNumbers)? = nil) -> String? {
        switch self {
        case .email: EmailAddress.normalized(text, policy.addresses.email)
        case .username: Username.normalized(text, policy.usernames)
        case .phone:
            if let phones {
                phones.canonical(text, region: policy.addresses.phoneRegion)
            } else {
                PhoneNumber.normalized(text)
            }
        case .identity: text
        }
    }
}
