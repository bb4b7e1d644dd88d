import CLibc

SignalHandlers.restore()
exit(CommandLineTool.run().rawValue)
