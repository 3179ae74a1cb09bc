/**
 * Records calls, and reads the records: {@link dev.weft.rpc.recorder.FlightRecorder} and
 * {@link dev.weft.rpc.recorder.RecordingReader}.
 */
package dev.weft.rpc.recorder;
