// What lies beside the bundle under this name is the decoder. Run from its source, the handler takes the one that was built.
import '../../../../assets/resize-handler/linux-x64/heic-decoder.mjs';
