import CLibc

exit(CommandLineTool.run().rawValue)
