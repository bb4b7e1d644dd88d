import SecurityCore

extension ServiceModule {
    /// The delay that libpam is asked for before it answers a failure, as pam_unix asks: microseconds.
    static let failureDelay: UInt32 = 2_000_000

    /// `pam_sm_authenticate`: puts the core's questions to the user until it grants or denies.
    func authenticate(_ identity: LoginIdentity) throws(Interruption) -> Outcome {
        transaction.delayFailure(microseconds: ServiceModule.failureDelay)
        let site = try openSite()
        let login = Authentication(
            policy: site.policy, store: site.store, environment: environment, request: request(for: identity))
        let step: Step
        do throws(Interruption) {
            step = try dialogue(login, site)
        } catch {
            throw Interruption(error.outcome, error.reason, account: login.account?.id)
        }
        report(AuditRecord(login), identity)
        return outcome(of: step)
    }

    private func request(for identity: LoginIdentity) -> LoginRequest {
        var request = LoginRequest(identity: identity, origin: origin)
        request.scope = arguments.factor
        request.allowsNoFactor = arguments.allowsNoFactor
        if arguments.honoursFreshness {
            let terminal = transaction.text(.terminal) ?? ""
            request.freshPlace = FreshPlace(uid: transaction.callerID, terminal: terminal)
        }
        return request
    }

    private func dialogue(_ login: Authentication, _ site: Site) throws(Interruption) -> Step {
        var step = try decided { () throws(AuthenticationError) in try login.begin() }
        while case .ask(let question) = step {
            switch question {
            case .password: step = try answerPassword(of: login, site)
            case .code: step = try answerCode(of: login, site)
            }
        }
        return step
    }

    private func outcome(of step: Step) -> Outcome {
        switch step {
        case .granted: .done
        case .ignored: .ignored
        case .denied(let reason): reason.isStranger && arguments.tellsUnknown ? .unknownAccount : .refused
        case .ask: .systemFailure
        }
    }

    private func answerPassword(of login: Authentication, _ site: Site) throws(Interruption) -> Step {
        let stacked = transaction.stacked(.password)
        if arguments.usesFirstPass {
            guard let stacked else { throw Interruption(.refused, "no-first-pass") }
            trace("takes the password of a module above")
            return try give(stacked, to: login)
        }
        if arguments.triesFirstPass, let stacked {
            trace("tries the password of a module above")
            let step = try decided { () throws(AuthenticationError) in
                try stacked.withSecret { (secret) throws(AuthenticationError) in try login.tryPassword(secret) }
            }
            if let step { return step }
            transaction.forget(.password)
        }
        trace("asks for the password")
        return try give(ask(for: .password, .passwordPrompt, site), to: login)
    }

    private func answerCode(of login: Authentication, _ site: Site) throws(Interruption) -> Step {
        trace("asks for a code")
        let typed = try transaction.answer(to: arguments.codePrompt ?? site.text(Message(.codePrompt)))
        // sshd's method `password` answers every hidden prompt with the password. That is no code, not even when it
        // looks like one.
        return try give(isPassword(typed) ? SharedSecret(utf8: "") : typed, to: login)
    }

    /// Whether an answer is the password once more.
    private func isPassword(_ typed: SharedSecret) -> Bool {
        guard let password = transaction.stacked(.password) else { return false }
        return typed.withBytes { typed in password.withBytes { ConstantTime.equal(typed, $0) } }
    }

    /// Answers the open question of a login.
    func give(_ answer: SharedSecret, to login: Authentication) throws(Interruption) -> Step {
        try decided { () throws(AuthenticationError) in
            try answer.withSecret { (secret) throws(AuthenticationError) in try login.answer(secret) }
        }
    }

    /// Runs a step of the core.
    func decided<Result>(_ body: () throws(AuthenticationError) -> Result) throws(Interruption) -> Result {
        do throws(AuthenticationError) {
            return try body()
        } catch {
            switch error {
            case .store(let error): throw interruption(error)
            case .unexpectedAnswer: throw Interruption(.systemFailure, "unexpected-answer")
            }
        }
    }
}

extension DenialReason {
    /// Whether the account is none of ours: unknown, or a name of uid 0, which is not looked up.
    var isStranger: Bool { self == .unknownAccount || self == .superuser }
}
