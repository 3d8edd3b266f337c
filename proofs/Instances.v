(** The checker over Coq's own integers (what is extracted) and over machine words (fast in the kernel), and its soundness. *)
From Coq Require Import List ZArith Uint63.
From Bignums Require Import BigZ.
From OneHalf Require Import Certificate Code Checker Decode Registered Registry DecodeRegistered.
Import ListNotations.

(** Machine integers in pieces of 63 bits. *)
Module BigInts <: INTS.
  Definition t := BigZ.t_.
  Definition of_Z := BigZ.of_Z.
  Definition to_Z := BigZ.to_Z.
  Definition add := BigZ.add.
  Definition sub := BigZ.sub.
  Definition mul := BigZ.mul.
  Definition max := BigZ.max.
  Definition leb := BigZ.leb.
  Definition of_spec := BigZ.spec_of_Z.
  Definition add_spec := BigZ.spec_add.
  Definition sub_spec := BigZ.spec_sub.
  Definition mul_spec := BigZ.spec_mul.
  Definition max_spec := BigZ.spec_max.
  Definition leb_spec := BigZ.spec_leb.
End BigInts.

Module PlainInts <: INTS.
  Definition t := Z.
  Definition of_Z (z : Z) := z.
  Definition to_Z (z : Z) := z.
  Definition add := Z.add.
  Definition sub := Z.sub.
  Definition mul := Z.mul.
  Definition max := Z.max.
  Definition leb := Z.leb.
  Lemma of_spec z : to_Z (of_Z z) = z. Proof. reflexivity. Qed.
  Lemma add_spec x y : to_Z (add x y) = (to_Z x + to_Z y)%Z. Proof. reflexivity. Qed.
  Lemma sub_spec x y : to_Z (sub x y) = (to_Z x - to_Z y)%Z. Proof. reflexivity. Qed.
  Lemma mul_spec x y : to_Z (mul x y) = (to_Z x * to_Z y)%Z. Proof. reflexivity. Qed.
  Lemma max_spec x y : to_Z (max x y) = Z.max (to_Z x) (to_Z y). Proof. reflexivity. Qed.
  Lemma leb_spec x y : leb x y = Z.leb (to_Z x) (to_Z y). Proof. reflexivity. Qed.
End PlainInts.

Module Big := Checker.Make BigInts.
Module Plain := Checker.Make PlainInts.

(** The code that is extracted: numbers in, yes or no out. *)
Module Native := Code PlainInts.
Definition check_numbers (l : list Z) : bool := match decode l with Some c => Native.check c | None => false end.
Definition check_registered_numbers (l : list Z) : bool := match decode_registered l with Some c => check_registered c | None => false end.
(** A certificate begins with its family, 0 to 2; a 3 says that a registered problem follows. *)
Definition check_document (l : list Z) : bool := match l with 3%Z :: rest => check_registered_numbers rest | _ => check_numbers l end.

(** In the kernel: words in. *)
Definition read (words : list (list int)) : option certificate := let l := List.concat words in decode (unpack (length l) l).
Definition read_registered (words : list (list int)) : option registered := let l := List.concat words in decode_registered (unpack (length l) l).
Definition check_registered_words (words : list (list int)) : bool := match read_registered words with Some c => check_registered c | None => false end.
Definition check_words (words : list (list int)) : bool := match read words with Some c => Big.X.check c | None => false end.

Theorem native_sound l : check_numbers l = true -> exists c, decode l = Some c /\ facts c.
Proof. unfold check_numbers. destruct (decode l) as [c |]; [| discriminate]. intros H. exists c. split; auto. now apply Plain.check_sound. Qed.

Theorem kernel_sound words : check_words words = true -> exists c, read words = Some c /\ facts c.
Proof. unfold check_words. destruct (read words) as [c |]; [| discriminate]. intros H. exists c. split; auto. now apply Big.check_sound. Qed.

(** The same for registered problems. *)
Theorem native_registered_sound l : check_registered_numbers l = true -> exists c, decode_registered l = Some c /\ registered_facts c.
Proof. unfold check_registered_numbers. destruct (decode_registered l) as [c |]; [| discriminate]. intros H. exists c. split; auto. now apply registered_sound. Qed.

Theorem kernel_registered_sound words : check_registered_words words = true -> exists c, read_registered words = Some c /\ registered_facts c.
Proof. unfold check_registered_words. destruct (read_registered words) as [c |]; [| discriminate]. intros H. exists c. split; auto. now apply registered_sound. Qed.
