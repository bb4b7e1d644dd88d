import SecurityCore
import SecurityNetwork

/// Fields that several forms have, with Flask-Security's rules.
extension Exchange {
    /// The answer to JSON that holds a number, a list or the like where a form has text; nil when there is nothing to refuse.
    /// Asked before any field is read, so that none is taken for what it is not (Flask-Security answers most of them with 500).
    func refusal(ofTypesIn fields: String...) -> WebResponse? {
        var errors = FormErrors()
        for field in fields where !submission.isText(field) { errors.add(field, text(.apiError)) }
        return errors.isEmpty ? nil : failure(errors)
    }

    /// A mail address in its normal form, or what is wrong with it. With `isOptional` an empty one is none.
    func email(_ errors: inout FormErrors, isOptional: Bool = false) -> String? {
        let typed = submission.plain("email")
        guard !typed.isEmpty else {
            if !isOptional { errors.add("email", text(.emailNotProvided)) }
            return nil
        }
        guard let address = EmailAddress.normalized(typed, site.policy.addresses.email) else {
            errors.add("email", text(.invalidEmailAddress))
            return nil
        }
        return address
    }

    /// The same of an address that is to belong to somebody: the DNS is asked too where SECURITY_EMAIL_VALIDATOR_ARGS says so.
    func newEmail(_ errors: inout FormErrors) -> String? {
        guard let normal = email(&errors) else { return nil }
        let policy = site.policy.addresses.email
        let check = EmailDeliverability(resolver: SystemMailResolver(), now: site.environment.now)
        do throws(EmailFlaw) {
            let address = try EmailAddress(normal, policy)
            guard check.flaw(of: address, policy) != nil else { return normal }
        } catch {
            // It was read above; a flaw of its own is told alike.
        }
        errors.add("email", text(.invalidEmailAddress))
        return nil
    }

    /// The field `email` in its normal form, or as it was typed where it has none.
    var typedEmail: String {
        let typed = submission.plain("email")
        return EmailAddress.normalized(typed, site.policy.addresses.email) ?? typed
    }

    /// The account of the field `email`, or what is wrong with that.
    func account(byEmail errors: inout FormErrors) throws -> Account? {
        guard let address = email(&errors) else { return nil }
        let rule = site.policy.identities.first { $0.column == .email }
        let found = try AccountFinder(policy: site.policy, store: try store()).find(
            .attribute(.email, value: address, ignoringCase: rule?.caseInsensitive ?? true))
        guard case .one(let account, _) = found else {
            errors.add("email", text(.userDoesNotExist))
            return nil
        }
        return account
    }

    /// Adds what is wrong with the CSRF token of a form.
    func checkCSRF(_ errors: inout FormErrors) throws(StoreError) {
        if let flaw = try checkCSRFOfForm() { errors.add(site.web.csrf.field, flaw.rawValue) }
    }

    /// What is wrong with the second copy of a new password: as WTForms judges it, an empty one is missing, not different.
    func checkRepetition(of field: String, in second: String, _ errors: inout FormErrors) {
        if password(second) == nil {
            errors.add(second, text(.passwordNotProvided))
        } else if submission.text(field) != submission.text(second) {
            errors.add(second, text(.retypePasswordMismatch))
        }
    }

    /// A `next` that leads out of the site is an error of a form that has the field.
    func checkNext(_ errors: inout FormErrors) {
        let typed = submission.plain("next")
        let next = typed.isEmpty ? parameter("next") ?? "" : typed
        guard !next.isEmpty, !isAllowed(target: next) else { return }
        flash(.invalidRedirect)
        errors.add("next", text(.invalidRedirect))
    }

    /// Whether an account still has to confirm its address before it may sign in.
    func mustConfirm(_ account: Account) -> Bool {
        let factors = site.policy.factors
        return factors.confirmable && !factors.loginWithoutConfirmation && !account.isConfirmed
    }

    /// Whether a first factor alone does not sign an account in. A second one cannot be asked here yet.
    func needsSecondFactor(_ account: Account) -> Bool {
        site.policy.factors.isActive && (site.policy.factors.isRequired || !account.factors.isEmpty)
    }

    /// What a single-page application is told of an account: its address and its name.
    func parameters(of account: Account) throws(StoreError) -> [(name: String, value: String)] {
        [("email", account.email), ("identity", try userName(of: account))]
    }

    /// The first identity that the account has, as Flask-Security's `calc_username`.
    func userName(of account: Account) throws(StoreError) -> String {
        for attribute in site.policy.identities {
            switch attribute.column {
            case .email where !account.email.isEmpty: return account.email
            case .username: if let name = account.username, !name.isEmpty { return name }
            default:
                switch try store().attribute(attribute.column.rawValue, account: account.id) {
                case .text(let name) where !name.isEmpty: return name
                case .integer(let number): return "\(number)"
                default: continue
                }
            }
        }
        return account.email
    }

    /// Names of the identity attributes, for clients that build a form.
    var identityAttributes: [String] { site.policy.identities.map { $0.column.rawValue } }
}
