/// Who may log in on hosts.
extension PolicyDraft {
    /// Reads the LIBSECURITY_PAM_* keys. The grant depends on whether anybody may register.
    func hostPolicy() -> HostPolicy {
        var policy = HostPolicy()
        policy.identities = hostIdentities() ?? policy.identities
        policy.emailDomain = emailDomain()
        policy.admission = admission()
        policy.allowsRoot = bool("LIBSECURITY_PAM_ALLOW_ROOT") ?? policy.allowsRoot
        if policy.allowsRoot {
            report(
                .warning, "LIBSECURITY_PAM_ALLOW_ROOT",
                "is true: whoever can write the account database can become root")
        }
        return policy
    }

    private func hostIdentities() -> [HostPolicy.Identity]? {
        let key = "LIBSECURITY_PAM_IDENTITY"
        guard let names = texts(key) else { return nil }
        if names.isEmpty { report(.error, key, "is empty, and nobody could be found; write [\"username\"]") }
        return names.compactMap { HostPolicy.Identity(rawValue: $0) }
    }

    private func emailDomain() -> String? {
        let key = "LIBSECURITY_PAM_EMAIL_DOMAIN"
        guard let domain = text(key) else { return nil }
        let isPlain = domain.utf8.allSatisfy { $0 > 0x20 && $0 != 0x40 && $0 != 0x7F }
        if !isPlain {
            report(
                .error, key,
                "must be a domain alone; write it without `@` and blanks, such as \"example.org\"")
        }
        return domain
    }

    private func admission() -> HostPolicy.Admission {
        let key = "LIBSECURITY_PAM_ROLES_ACCEPTED"
        guard let roles = texts(key) else {
            guard bool("SECURITY_REGISTERABLE") == true else { return .everybody }
            report(
                .warning, key,
                "is missing while SECURITY_REGISTERABLE is true: nobody may log in on hosts; name the roles that may,"
                    + " or write [\"*\"] for everybody who registers")
            return .nobody
        }
        guard !roles.isEmpty else {
            report(.warning, key, "is empty: nobody may log in on hosts")
            return .nobody
        }
        guard roles.contains(where: { $0.equals("*") }) else {
            if roles.contains(where: { $0.isEmpty }) { report(.error, key, "holds an empty name; take it out") }
            return .roles(roles)
        }
        if roles.count > 1 {
            report(
                .error, key,
                "mixes \"*\", which is every account, with roles; write the one or the others")
        }
        if bool("SECURITY_REGISTERABLE") == true {
            report(
                .warning, key,
                "is [\"*\"] while SECURITY_REGISTERABLE is true: whoever registers a user name logs in on hosts by it,"
                    + " also in place of an account that was found by its address; name roles")
        }
        return .everybody
    }
}
