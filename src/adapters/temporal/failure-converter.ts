/** Sends the message and stack of a failure through the codec, so that neither stands in history in clear. */
import { DefaultFailureConverter } from '@temporalio/common';

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
