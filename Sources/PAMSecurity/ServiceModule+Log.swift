import SecurityCore

/// What a call writes to the log and shows to the user.
extension ServiceModule {
    /// Shows a line, unless the application wants none.
    func show(_ line: String) {
        if !flags.contains(.silent) { transaction.show(line) }
    }

    /// A step, for who debugs a stack. Never a secret.
    func trace(_ line: String) {
        if arguments.isDebugging { transaction.log(.debug, line) }
    }

    /// The audit line of a decision. The name of an unknown account may be a typed password: only `debug` writes it.
    func report(_ record: AuditRecord, _ name: String?) {
        var record = record
        record.uid = transaction.callerID
        record.terminal = transaction.text(.terminal)
        record.remoteUser = transaction.text(.remoteUser)
        record.remoteHost = transaction.text(.remoteHost)
        if record.user == nil, arguments.isDebugging { record.user = name }
        guard let level = level(of: record) else { return }
        transaction.log(level, record.line)
    }

    /// The audit line of a call that ended before the core gave a verdict.
    func report(_ interruption: Interruption, _ name: String?) {
        var record = AuditRecord(verdict: interruption.outcome.isRefusal ? "denied" : "error")
        record.reason = interruption.reason
        record.account = interruption.account
        if interruption.account != nil { record.user = name }
        report(record, name)
    }

    private func level(of record: AuditRecord) -> LogLevel? {
        switch record.verdict {
        case "error": record.reason == Interruption.noAnswer ? .notice : .error
        case "denied", "changed": .notice
        default: arguments.isQuiet ? nil : .info
        }
    }
}

extension Outcome {
    /// Whether this is a verdict on the user, and no trouble of ours.
    fileprivate var isRefusal: Bool {
        switch self {
        case .refused, .unknownAccount, .notAllowed, .passwordRefused, .entriesDiffer: true
        case .done, .busy, .unavailable, .noRights, .noAnswer, .badArgument, .outOfMemory, .systemFailure, .ignored:
            false
        }
    }
}
