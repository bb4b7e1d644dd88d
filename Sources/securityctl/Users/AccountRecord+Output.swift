import SecurityCore

extension AccountRecord {
    /// The record under Flask-Security's names of columns, where there is one.
    var json: JSON {
        .object([
            ("id", .int(id)), ("email", .string(email)), ("username", .optional(username)), ("active", .bool(isActive)),
            ("confirmed_at", .optional(confirmedAt)), ("has_password", .bool(hasPassword)),
            ("tf_primary_method", .optional(twoFactorMethod)), ("recovery_codes", .int(Int64(recoveryCodeCount))),
            ("security_keys", .int(Int64(securityKeyCount))), ("roles", .strings(roles)),
            ("create_datetime", .optional(createdAt)), ("last_login_at", .optional(lastLoginAt)),
            ("last_login_ip", .optional(lastLoginAddress)), ("current_login_at", .optional(currentLoginAt)),
            ("current_login_ip", .optional(currentLoginAddress)), ("login_count", .int(loginCount)),
            ("failed_passwords", .int(failedPasswords)), ("failed_codes", .int(failedCodes)),
        ])
    }

    /// The record for people, one fact in each line.
    var text: String {
        let facts: [(String, String)] = [
            ("id", "\(id)"), ("email", email), ("username", username ?? ""), ("active", isActive ? "yes" : "no"),
            ("confirmed", confirmedAt ?? "no"), ("password", hasPassword ? "set" : "none"),
            ("second factor", twoFactorMethod ?? "none"), ("recovery codes", "\(recoveryCodeCount)"),
            ("security keys", "\(securityKeyCount)"), ("roles", roles.joined(separator: ", ")),
            ("created", createdAt ?? ""), ("last login", login(lastLoginAt, lastLoginAddress)),
            ("current login", login(currentLoginAt, currentLoginAddress)), ("logins", "\(loginCount)"),
            ("failed passwords", "\(failedPasswords)"), ("failed codes", "\(failedCodes)"),
        ]
        let width = facts.map { $0.0.count }.max() ?? 0
        return facts.map { name, value in
            let value = value.isEmpty ? "-" : value.printable
            return name + String(repeating: " ", count: width - name.count + 2) + value + "\n"
        }.joined()
    }

    private func login(_ time: String?, _ address: String?) -> String {
        guard let time else { return "" }
        return address.map { time + " from " + $0 } ?? time
    }
}
