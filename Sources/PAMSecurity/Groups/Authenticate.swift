import SecurityCore

extension ServiceModule {
    /// The delay that libpam is asked for before it answers a failure, as pam_unix asks: microseconds.
    static let failureDelay: UInt32 = 2_000_000

    /// `pam_sm_authenticate`: puts the core's questions to the user until it grants or denies.
    func authenticate(_ target: Target) throws(Interruption) -> Outcome {
        transaction.delayFailure(microseconds: ServiceModule.failureDelay)
        dropKeptGrant()
        guard let site = try openSite(for: target) else { return try refuseSuperuser(target) }
        let login = Authentication(
            policy: site.policy, store: site.store, environment: environment, request: request(for: target))
        let step: Step
        do throws(Interruption) {
            step = try dialogue(login, target, site)
            try keepGrant(of: login, target)
        } catch {
            throw Interruption(error.outcome, error.reason, account: login.account?.id)
        }
        report(AuditRecord(login), target.name)
        return outcome(of: step)
    }

    /// Root, when the configuration does not tell what to ask. The password is asked for all the same, for a module below
    /// that takes the one which was typed.
    private func refuseSuperuser(_ target: Target) throws(Interruption) -> Outcome {
        if arguments.factor != .code, !arguments.usesFirstPass { _ = try transaction.token(.password) }
        var record = AuditRecord(verdict: "denied")
        record.reason = DenialReason.superuser.rawValue
        record.factor = arguments.factor.rawValue
        report(record, target.name)
        return outcome(of: .denied(.superuser))
    }

    private func request(for target: Target) -> LoginRequest {
        var request = LoginRequest(identity: target.identity, origin: origin(of: target))
        request.scope = arguments.factor
        request.isRecordedLater = arguments.factor == .code
        request.allowsNoFactor = arguments.allowsNoFactor
        if arguments.honoursFreshness {
            let terminal = transaction.text(.terminal) ?? ""
            request.freshPlace = FreshPlace(uid: transaction.callerID, terminal: terminal)
        }
        return request
    }

    private func dialogue(_ login: Authentication, _ target: Target, _ site: Site) throws(Interruption) -> Step {
        var step = try decided { () throws(AuthenticationError) in try login.begin() }
        while case .ask(let question) = step {
            switch question {
            case .password: step = try answerPassword(of: login, target, site)
            case .code: step = try answerCode(of: login, target, site)
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

    private func answerPassword(
        of login: Authentication, _ target: Target, _ site: Site
    ) throws(Interruption) -> Step {
        let stacked = transaction.stacked(.password)
        if arguments.usesFirstPass {
            guard let stacked else { throw Interruption(.refused, "no-first-pass") }
            trace("takes the password of a module above")
            return try give(stacked, to: login, target)
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
        return try give(ask(for: .password, .passwordPrompt, site), to: login, target)
    }

    private func answerCode(of login: Authentication, _ target: Target, _ site: Site) throws(Interruption) -> Step {
        trace("asks for a code")
        let typed = try transaction.answer(to: arguments.codePrompt ?? site.text(Message(.codePrompt)))
        // sshd's method `password` answers every hidden prompt with the password. That is no code, not even when it
        // looks like one.
        return try give(isPassword(typed) ? SharedSecret(utf8: "") : typed, to: login, target)
    }

    /// Whether an answer is the password once more.
    private func isPassword(_ typed: SharedSecret) -> Bool {
        guard let password = transaction.stacked(.password) else { return false }
        return typed.withBytes { typed in password.withBytes { ConstantTime.equal(typed, $0) } }
    }

    /// Answers the open question of a login, for the name with which it began.
    func give(_ answer: SharedSecret, to login: Authentication, _ target: Target) throws(Interruption) -> Step {
        try requireUnchanged(target)
        return try decided { () throws(AuthenticationError) in
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
